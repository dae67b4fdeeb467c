// SPDX-License-Identifier: MIT
// The scripted peer's segments: "S. 0:0 ack 1 win 65535 <mss 1460,sackOK,nop,wscale 7> ect".

#include "timeline_parser.hpp"

#include <algorithm>
#include <charconv>

#include <sockops/net/tcp_options.hpp>

namespace sockops::testing::parser {

namespace {

void parse_range(const words& line, std::string_view range, peer_segment& into) {
	const char* const end = range.end();
	const auto [colon, error] = std::from_chars(range.begin(), end, into.seq);
	const bool begins = error == std::errc{} && colon != end && *colon == ':';
	const auto [last, last_error] = std::from_chars(begins ? colon + 1 : end, end, into.end_seq);
	if (!begins || last_error != std::errc{} || last != end || into.end_seq < into.seq)
		line.refuse(quoted(range) + " is no range of sequence numbers: write first:last, as in 1:101");
}

class options_writer {
  public:
	options_writer(const words& line, std::vector<u8>& into) : line_(line), into_(into) {}

	/// One option; its words are separated by spaces.
	void write(words& option) {
		const std::string name(option.take("an option"));
		if (name == "mss")
			put({tcpopt::mss, 4}), put_16(option.number("the MSS", 0xffff));
		else if (name == "sackOK")
			put({tcpopt::sack_perm, 2});
		else if (name == "TS")
			write_time_stamp(option);
		else if (name == "wscale")
			put({tcpopt::window, 3, static_cast<u8>(option.number("the shift", 14))});
		else if (name == "nop")
			put({tcpopt::nop});
		else if (name == "eol")
			put({tcpopt::eol});
		else if (name == "opt")
			write_raw(option);
		else
			line_.refuse("no option '" + name +
						 "': known are mss N, sackOK, TS val N ecr N, wscale N, nop, eol, "
						 "opt KIND HEX");
		if (!option.empty())
			line_.refuse(quoted(option.peek()) + " is too much: a comma stands between options");
	}

  private:
	void put(std::initializer_list<u8> bytes) { into_.insert(into_.end(), bytes); }
	void put_16(u32 value) { put({static_cast<u8>(value >> 8), static_cast<u8>(value)}); }
	void put_32(u32 value) { put_16(value >> 16), put_16(value); }

	void write_time_stamp(words& option) {
		if (!option.accept("val"))
			line_.refuse("a time stamp is written TS val N ecr N");
		const u32 value = option.number("the time stamp's value");
		if (!option.accept("ecr"))
			line_.refuse("a time stamp is written TS val N ecr N");
		put({tcpopt::timestamp, 10});
		put_32(value), put_32(option.number("the time stamp's echo"));
	}

	void write_raw(words& option) {
		put({static_cast<u8>(option.number("the kind", 255))});
		const std::string_view hex = option.peek();
		if (!hex.empty())
			option.take("");
		put({static_cast<u8>(2 + hex.size() / 2)});
		for (std::size_t at = 0; at < hex.size(); at += 2) {
			u8 byte = 0;
			const char* const end = hex.data() + std::min(at + 2, hex.size());
			if (std::from_chars(hex.data() + at, end, byte, 16).ptr != end || hex.size() % 2 != 0)
				line_.refuse(quoted(hex) + " is not hex: two digits a byte, as in eb9f0102");
			put({byte});
		}
	}

	const words& line_;
	std::vector<u8>& into_;
};

} // namespace

u8 parse_segment_flags(const words& line, std::string_view letters) {
	constexpr std::string_view known = "FSRP.UEW"; // bit 0 to 7
	u8 flags = 0;
	for (const char letter : letters) {
		const std::size_t bit = known.find(letter);
		if (bit == known.npos)
			line.refuse(quoted(letters) +
						" are no flags: they are F S R P . (ACK) U E W, as tcpdump writes them");
		flags |= static_cast<u8>(1u << bit);
	}
	return flags;
}

std::vector<u8> parse_header_options(const words& line, std::string_view text) {
	std::vector<u8> into;
	options_writer writer(line, into);
	while (!text.empty()) {
		const std::size_t comma = std::min(text.find(','), text.size());
		words option(line.line(), text.substr(0, comma));
		writer.write(option);
		text.remove_prefix(std::min(comma + 1, text.size()));
	}
	while (into.size() % 4 != 0)
		into.push_back(tcpopt::nop);
	if (into.size() > max_tcp_option_space)
		line.refuse("the options are longer than 40 bytes: leave some out");
	return into;
}

peer_segment parse_peer(words& line) {
	peer_segment segment;
	segment.flags = parse_segment_flags(line, line.take("the flags"));
	parse_range(line, line.take("first:last"), segment);
	if (line.accept("ack"))
		segment.ack = line.number("the acknowledged number");
	if (segment.ack.has_value() != static_cast<bool>(segment.flags & TCPHDR_ACK))
		line.refuse("'ack' and the flag '.' go together: write both or neither");
	if (line.accept("win"))
		segment.window = static_cast<u16>(line.number("the window", 0xffff));
	if (line.peek().starts_with('<')) {
		const std::string whole = line.text();
		const std::size_t from = whole.find('<'), to = whole.find('>');
		if (to == whole.npos)
			line.refuse("the options end with >");
		segment.options = parse_header_options(line, std::string_view(whole).substr(from + 1, to - from - 1));
		while (!line.take("a space after >").ends_with('>')) {
		}
	}
	segment.ect = line.accept("ect");
	return segment;
}

} // namespace sockops::testing::parser
