// SPDX-License-Identifier: MIT
// What changes in a map, without looking at all of it: at what its programs have touched since the last time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include <sockops/map/map_observer.hpp>
#include <sockops/object/map_view.hpp>

namespace sockops_run {

/// Of a HASH, LRU_HASH or ARRAY, of CPU 0's values in one for each CPU, or of the value that is next in a
/// QUEUE or STACK: its key has no bytes. On the thread that runs the programs.
class element_watch final : public sockops::bpf_map_observer {
  public:
	using bytes = std::vector<std::byte>;
	struct change {
		bytes key;
		std::optional<bytes> before, after; ///< nullopt: it is not there
	};

	explicit element_watch(sockops::bpf_map& map);
	~element_watch();
	element_watch(const element_watch&) = delete;
	element_watch& operator=(const element_watch&) = delete;

	/// Since the last time; by the bytes of the keys.
	[[nodiscard]] std::vector<change> changes();
	/// How many bytes of values it has copied so far: the work that it does.
	[[nodiscard]] sockops::u64 bytes_copied() const noexcept { return bytes_copied_; }

	void about_to_change(sockops::bpf_map& map, const void* key, const void* value) noexcept override;

  private:
	bool is_percpu() const noexcept;
	bytes copy(const void* from, std::size_t size);
	std::optional<bytes> value_now(const bytes& key);
	void note(const bytes& key, const void* value);

	/// (std::vector's own order makes g++ 12 warn of a size that cannot be.)
	struct order {
		bool operator()(const bytes& a, const bytes& b) const noexcept {
			return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), std::less<>());
		}
	};

	sockops::bpf_map& map_;
	std::map<bytes, std::optional<bytes>, order> touched_; ///< with the value before
	sockops::u64 bytes_copied_ = 0;
};

} // namespace sockops_run
