// SPDX-License-Identifier: MIT
#include "ring_lockstep.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include <sys/epoll.h>
#include <unistd.h>

namespace maps_diff {

namespace {

constexpr int patience = 1000; ///< ms for a wake-up that must come: the kernel's is an interrupt

sockops::bpf_map_attr attr_of(u32 bytes) {
	return {.map_type = sockops::BPF_MAP_TYPE_RINGBUF, .max_entries = bytes};
}

sockops::bpf_map_ptr make_ring(u32 bytes) {
	sockops::bpf_map_ptr made;
	std::string why;
	EXPECT_EQ(bpf_map_create(attr_of(bytes), made, why), 0) << why;
	return made;
}

/// Becomes readable once for each wake-up, and not for data alone.
kernel_diff::owned_fd poll_edges(int ring_fd) {
	kernel_diff::owned_fd poll(::epoll_create1(EPOLL_CLOEXEC));
	epoll_event edges{};
	edges.events = EPOLLIN | EPOLLET;
	EXPECT_EQ(::epoll_ctl(poll.get(), EPOLL_CTL_ADD, ring_fd, &edges), 0);
	return poll;
}

} // namespace

ring_lockstep::ring_lockstep(u32 ring_bytes, std::uint64_t seed, ring_answers& answers, diff_result& result)
	: bytes_(ring_bytes), random_(seed), answers_(answers), result_(result),
	  mismatches_before_(result.mismatches), there_(attr_of(ring_bytes)), here_(make_ring(ring_bytes)),
	  ring_(dynamic_cast<sockops::ring_buffer_map*>(here_.get())),
	  there_reader_(there_.fd(), ring_bytes, ring_reader::data_shown::twice),
	  here_reader_(ring_->memory_fd(), ring_bytes, ring_reader::data_shown::once),
	  there_poll_(poll_edges(there_.fd())) {
	EXPECT_TRUE(there_reader_.valid());
	EXPECT_TRUE(here_reader_.valid());
	for (std::byte& each : answers_.output_data())
		each = std::byte(random_());
	alike_ = headers_are_alike();
}

bool ring_lockstep::headers_are_alike() {
	const ring_call one{ring_op::output, 8, 0, 0, 0, 0};
	const ring_prog prog({one}, there_.fd(), answers_.fd());
	EXPECT_EQ(prog.run(), 0);
	EXPECT_EQ(call_here(one), 0u);
	return there_reader_.page_offset() == here_reader_.page_offset();
}

void ring_lockstep::compare(u64 kernel, u64 here, const std::string& what) {
	result_.count(kernel == here, [&] {
		return "ring of " + std::to_string(bytes_) + (astray_ ? ", reader astray" : "") + ", positions " +
			   std::to_string(here_reader_.consumer()) + " and " + std::to_string(here_reader_.producer()) +
			   ": " + what + ": here " + std::to_string(static_cast<long>(here)) + ", the kernel " +
			   std::to_string(static_cast<long>(kernel));
	});
}

void ring_lockstep::release_here(const ring_call& call) {
	void* const record = std::exchange(open_[call.slot], nullptr);
	if (!record)
		return;
	for (const ring_mark& mark : marks_of(call.size)) {
		const u64 value = call.mark;
		std::memcpy(static_cast<std::byte*>(record) + mark.at, &value, mark.bytes);
	}
	if (call.op == ring_op::submit)
		sockops::ring_buffer_map::submit(record, call.flags);
	else
		sockops::ring_buffer_map::discard(record, call.flags);
}

u64 ring_lockstep::call_here(const ring_call& call) {
	switch (call.op) {
	case ring_op::reserve:
		open_[call.slot] = ring_->reserve(call.size, call.flags);
		return open_[call.slot] != nullptr;
	case ring_op::output:
		return static_cast<u64>(
			long{ring_->output(answers_.output_data().data() + call.from, call.size, call.flags)});
	case ring_op::query:
		return ring_->query(call.flags);
	default:
		release_here(call);
		return 0;
	}
}

void ring_lockstep::play(const ring_script& script, const ring_prog& prog) {
	ASSERT_EQ(prog.run(), 0);
	for (std::size_t i = 0; i != script.size() && same_so_far(); ++i) {
		const u64 here = call_here(script[i]);
		if (!script[i].answers())
			continue;
		const u64 kernel = answers_.of_call(i);
		compare(script[i].op == ring_op::reserve ? kernel != 0 : kernel, here,
				"call " + std::to_string(i) + ", " + in_words(script[i]));
	}
	if (same_so_far())
		compare_wakeups();
	if (same_so_far())
		compare_memory("run");
}

/// A reader that has nothing to read is not told of a wake-up by the kernel's poll.
void ring_lockstep::compare_wakeups() {
	u64 number;
	const bool here = ::read(ring_->wakeup_fd(), &number, sizeof number) == sizeof number;
	epoll_event event;
	const bool readable = there_reader_.consumer() != there_reader_.producer();
	const int kernel = ::epoll_wait(there_poll_.get(), &event, 1, here && readable ? patience : 0);
	if (readable)
		compare(static_cast<u64>(kernel), here, "wakes the reader");
}

/// All the data, also what is padding or was read already.
void ring_lockstep::compare_memory(const char* when) {
	compare(there_reader_.consumer(), here_reader_.consumer(), std::string("consumer after ") + when);
	compare(there_reader_.producer(), here_reader_.producer(), std::string("producer after ") + when);
	if (alike_)
		compare(0, there_reader_.data() != here_reader_.data(), std::string("data after ") + when);
}

void ring_lockstep::compare_records(const std::vector<ring_reader::record>& kernel,
									const std::vector<ring_reader::record>& here) {
	compare(kernel.size(), here.size(), "records");
	for (std::size_t i = 0; i != std::min(kernel.size(), here.size()); ++i) {
		compare(kernel[i].word, here[i].word, "length of record " + std::to_string(i));
		compare(0, kernel[i].data != here[i].data, "bytes of record " + std::to_string(i));
	}
}

void ring_lockstep::read_some() {
	const std::size_t most = 1 + random_() % 6;
	compare_records(there_reader_.consume(most), here_reader_.consume(most));
}

/// Here by consume(), which keeps discarded records to itself.
void ring_lockstep::read_all() {
	std::vector<ring_reader::record> kernel = there_reader_.consume(~std::size_t{0}), here;
	std::erase_if(kernel, [](const auto& record) { return record.word & 1u << 30; });
	const std::size_t handed = ring_->consume([&](std::span<const std::byte> record) {
		here.push_back({static_cast<u32>(record.size()),
						std::string(reinterpret_cast<const char*>(record.data()), record.size())});
	});
	compare(here.size(), handed, "number of records that consume() tells");
	compare_records(kernel, here);
}

void ring_lockstep::stray() {
	astray_ = !astray_;
	u64 position = here_reader_.producer();
	if (astray_)
		position = random_() % 10 == 0  ? random_()
				   : random_() % 4 == 0 ? position - random_() % bytes_
										: position + random_() % (bytes_ / 4) * 8;
	there_reader_.set_consumer(position);
	here_reader_.set_consumer(position);
}

void ring_lockstep::let_read() {
	constexpr u64 nothing = 3; // who is astray would take what is no record for one
	if (random_() % (astray_ ? 2 : 15) == 0)
		stray();
	else if (const u64 what = astray_ ? nothing : random_() % 4; what < 2)
		read_all();
	else if (what < 3)
		read_some();
	compare_memory("reading");
}

void ring_lockstep::run(unsigned programs) {
	for (unsigned i = 0; i != programs; ++i) {
		const ring_script script = random_ring_script(random_, bytes_);
		const ring_prog prog(script, there_.fd(), answers_.fd());
		ASSERT_EQ(prog.error(), 0);
		for (u64 runs = 1 + random_() % 5; runs != 0; --runs) {
			play(script, prog);
			if (!same_so_far())
				return;
			let_read();
		}
	}
}

} // namespace maps_diff
