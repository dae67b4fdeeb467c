// SPDX-License-Identifier: MIT
#include "random_child.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// All memory is zeros at first. ns-3 reads some that it has not written (a TcpWestwoodPlus that Fork() has
// copied begins with any number of acknowledged segments), and a hooked simulation, whose objects lie
// elsewhere, would find other bytes there than a plain one.
void* operator new(std::size_t size) {
	if (void* const memory = std::calloc(1, size != 0 ? size : 1))
		return memory;
	throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace test {

namespace {

constexpr unsigned longest_s = 60; ///< of a run that takes tens of milliseconds, sanitizers included

/// In memory that both processes see.
struct notes {
	static constexpr unsigned size = 16;
	unsigned count;
	char lines[size][160];
};
notes* shared_notes = nullptr;

template <class T>
void put(std::FILE* to, const T* from, std::size_t count) {
	if (std::fwrite(from, sizeof(T), count, to) != count)
		_exit(3);
}
template <class T>
bool get(std::FILE* from, T* to, std::size_t count) {
	return std::fread(to, sizeof(T), count, from) == count;
}

template <class T>
void put_all(std::FILE* to, const std::vector<T>& from) {
	const std::size_t count = from.size();
	put(to, &count, 1);
	put(to, from.data(), count);
}
template <class T>
bool get_all(std::FILE* from, std::vector<T>& to) {
	std::size_t count = 0;
	if (!get(from, &count, 1))
		return false;
	to.resize(count);
	return get(from, to.data(), count);
}

[[noreturn]] void be_child(const std::function<outcome()>& work, int out) {
	alarm(longest_s);
	const outcome seen = work();
	std::FILE* const to = fdopen(out, "w");
	put(to, &seen.hash, 1);
	put(to, &seen.calls, 1);
	put_all(to, seen.packets);
	put_all(to, seen.sides);
	if (std::fclose(to) != 0)
		_exit(3);
	_exit(0);
}

bool read_outcome(int in, outcome& seen) {
	std::FILE* const from = fdopen(in, "r");
	const bool all = get(from, &seen.hash, 1) && get(from, &seen.calls, 1) && get_all(from, seen.packets) &&
					 get_all(from, seen.sides);
	std::fclose(from);
	return all;
}

std::string last_words(const notes& of) {
	std::string words;
	const unsigned first = of.count > notes::size ? of.count - notes::size : 0;
	for (unsigned i = first; i != of.count; ++i)
		words += std::string("  ") + of.lines[i % notes::size] + "\n";
	return words;
}

} // namespace

std::string child_end::in_words() const {
	return signal != 0 ? "signal " + std::to_string(signal) : "status " + std::to_string(status);
}

void note(const std::string& line) {
	if (std::getenv("SOCKOPS_NOTES"))
		std::fprintf(stderr, "%s\n", line.c_str());
	if (!shared_notes)
		return;
	char* const to = shared_notes->lines[shared_notes->count % notes::size];
	std::snprintf(to, sizeof shared_notes->lines[0], "%s", line.c_str());
	++shared_notes->count;
}

child_end run_in_child(const std::function<outcome()>& work) {
	void* const memory =
		mmap(nullptr, sizeof(notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ends[2];
	child_end end;
	if (memory == MAP_FAILED || pipe(ends) != 0) {
		end.status = 3;
		return end;
	}
	std::fflush(nullptr);
	const pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		shared_notes = static_cast<notes*>(memory);
		be_child(work, ends[1]);
	}
	close(ends[1]);
	const bool all = child > 0 && read_outcome(ends[0], end.seen);
	int status = 0;
	if (child < 0 || waitpid(child, &status, 0) != child)
		end.status = 3;
	else if (WIFSIGNALED(status))
		end.signal = WTERMSIG(status);
	else
		end.status = WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : all ? 0 : 3;
	if (!end.fine())
		end.last_words = last_words(*static_cast<notes*>(memory));
	munmap(memory, sizeof(notes));
	return end;
}

} // namespace test
