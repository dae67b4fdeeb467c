// SPDX-License-Identifier: MIT
#include "socket_elements.hpp"

#include <pthread.h>

namespace sockops {

std::mutex& detail::socket_elements_mutex() noexcept {
	static std::mutex* const mutex = [] {
		(void)rcu_pending(); // its fork handlers first: they then take their lock after ours
		pthread_atfork([] { socket_elements_mutex().lock(); }, [] { socket_elements_mutex().unlock(); },
					   [] { socket_elements_mutex().unlock(); });
		return new std::mutex;
	}();
	return *mutex;
}

} // namespace sockops
