// SPDX-License-Identifier: MIT
#include "program_builder.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <unistd.h>

#include <sockops/object/bpf_object.hpp>

#include "../../native/table_writer.hpp"
#include "../../object/object_contents.hpp"
#include "code/native_code.hpp"
#include "run_command.hpp"

namespace sockops_run {

namespace {

namespace fs = std::filesystem;

std::string from_environment(const char* name, const char* otherwise) {
	const char* const set = std::getenv(name);
	return set && *set ? set : otherwise;
}

/// Of this machine.
std::string compiler() { return from_environment("CC", "cc"); }

/// Where the headers of natively compiled programs are: beside an installed tool, or where it was built.
std::vector<std::string> header_options() {
	const fs::path tool = fs::read_symlink("/proc/self/exe");
	const std::string installed = (tool.parent_path().parent_path() / "include").string();
	if (fs::exists(installed + "/sockops/native/bpf/bpf_helpers.h"))
		return {"-I" + installed + "/sockops/native", "-I" + installed};
	return {"-I" SOCKOPS_NATIVE_GENERATED, "-I" SOCKOPS_NATIVE_INCLUDE "/sockops/native",
			"-I" SOCKOPS_NATIVE_INCLUDE};
}

std::string stem(const std::string& file) {
	const std::string name = fs::path(file).filename();
	return name.substr(0, name.find('.'));
}

std::string source_of(const std::string& object) {
	const std::string source =
		sockops::object::object_contents::source_of(sockops::bpf_object::open_file(object));
	if (source.empty() || !fs::exists(source))
		throw std::runtime_error(object + ": " +
								 (source.empty()
									  ? "it does not tell what it was compiled from (clang -g makes it)"
									  : "it was compiled from " + source + ", which is not there") +
								 "; with --native, name the C file in its place");
	return source;
}

/// What most sources lack that do not compile; "" where it is something else.
std::string remedy_without_vmlinux_h(const std::string& source, const std::vector<std::string>& options) {
	std::ifstream in(source);
	const std::string text(std::istreambuf_iterator<char>(in), {});
	if (text.find("include \"vmlinux.h\"") == text.npos && text.find("include <vmlinux.h>") == text.npos)
		return {};
	std::vector<fs::path> folders{fs::path(source).parent_path()};
	for (const std::string& option : options)
		if (option.starts_with("-I"))
			folders.emplace_back(option.substr(2));
	for (const fs::path& folder : folders)
		if (fs::exists(folder / "vmlinux.h"))
			return {};
	return "; there is no vmlinux.h in its folder or one of -I: sockops-run --vmlinux-h > vmlinux.h makes "
		   "one "
		   "that has the types of sock_ops";
}

constexpr const char* folder_prefix = "sockops-run-"; ///< and the process

/// What a program that crashed has left, for who looked into that.
void remove_stale_folders() {
	std::error_code ignored;
	for (const fs::directory_entry& each : fs::directory_iterator(fs::temp_directory_path(), ignored)) {
		const std::string name = each.path().filename();
		if (!name.starts_with(folder_prefix))
			continue;
		const int process = std::atoi(name.c_str() + std::strlen(folder_prefix));
		if (process > 0 && ::kill(process, 0) != 0 && errno == ESRCH)
			fs::remove_all(each.path(), ignored);
	}
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
	to.insert(to.end(), more.begin(), more.end());
}

} // namespace

bool is_c_source(const std::string& file) noexcept { return file.ends_with(".c"); }

void program_builder::make_folder() {
	if (!folder_.empty())
		return;
	if (!with_.keep.empty()) {
		std::error_code wrong;
		fs::create_directories(with_.keep, wrong);
		folder_ = fs::absolute(with_.keep);
		if (!fs::is_directory(folder_))
			throw std::runtime_error("'--keep " + with_.keep +
									 "': no folder can be made there: " + wrong.message());
		return;
	}
	std::error_code wrong;
	const fs::path place = fs::temp_directory_path(wrong);
	if (wrong)
		throw std::runtime_error("no folder to compile in: there is no " +
								 from_environment("TMPDIR", "/tmp") + ", and TMPDIR names another");
	remove_stale_folders();
	std::string made = (place / folder_prefix).string();
	made.append(std::to_string(::getpid())).append("-XXXXXX");
	if (!::mkdtemp(made.data()))
		throw std::runtime_error("no folder to compile in: " + made + ": " + std::strerror(errno));
	folder_ = made;
}

program_builder::~program_builder() {
	std::error_code ignored;
	if (with_.keep.empty() && !folder_.empty())
		fs::remove_all(folder_, ignored);
}

std::string program_builder::build(const std::string& file) {
	if (!is_c_source(file) && !with_.native)
		return file;
	make_folder();
	const std::string object = is_c_source(file) ? compile_object(file) : file;
	if (with_.native)
		load_native(is_c_source(file) ? file : source_of(file), object);
	return object;
}

std::string program_builder::compile_object(const std::string& source) {
	if (!fs::exists(source))
		throw std::runtime_error(source + ": it cannot be read: " + std::strerror(ENOENT));
	const std::string object = path(stem(source) + ".bpf.o");
	std::vector<std::string> words = {from_environment("SOCKOPS_BPF_CLANG", SOCKOPS_CLANG),
									  "-target",
									  "bpf",
									  "-mcpu=v3",
									  "-O2",
									  "-g",
									  "-idirafter",
									  SOCKOPS_MACHINE_HEADERS};
	append(words, with_.options);
	append(words, {"-c", source, "-o", object});
	try {
		run_command(words);
	} catch (const std::runtime_error& wrong) {
		throw std::runtime_error(wrong.what() + remedy_without_vmlinux_h(source, with_.options));
	}
	return object;
}

/// One that is built twice has two copies of its variables, as two objects have.
std::string program_builder::next_native_name(const std::string& object) {
	std::string name = path(stem(object)).append(".native");
	if (built_++ != 0)
		name.append("-").append(std::to_string(built_));
	return name;
}

void program_builder::compile_native(const std::string& code, const std::string& compiled) const {
	// Hidden, so that what the program calls its own is no other's of the process. In DWARF 5 the addr2line
	// of binutils 2.40 takes the file that includes for the one that is included.
	std::vector<std::string> words = {compiler(), "-gdwarf-4", "-Og", "-w", "-fPIC", "-fvisibility=hidden"};
	append(words, header_options());
	append(words, with_.options);
	append(words, with_.native_flags);
	append(words, {"-c", code, "-o", compiled});
	run_command(words);
}

void program_builder::load_native(const std::string& source, const std::string& object) {
	const std::string name = next_native_name(object);
	const std::string code = name + ".c", compiled = name + ".o", shared = name + ".so";
	std::ofstream out(code);
	sockops::native::write_table(out, {stem(object), fs::absolute(source), fs::absolute(object)});
	if (!out.flush())
		throw std::runtime_error(code + " cannot be written: " + std::strerror(errno));
	compile_native(code, compiled);
	std::vector<std::string> words = {compiler(), "-shared", "-o", shared, compiled};
	append(words, with_.native_flags);
	run_command(words);
	try {
		load_native_code(shared);
	} catch (const std::runtime_error& wrong) {
		throw std::runtime_error(source + ": " + wrong.what());
	}
}

std::string native_in_words() {
	const std::string refused = no_native_reason();
	const std::string found = refused.empty() ? first_line_of({compiler(), "--version"}) : "";
	if (!refused.empty())
		return "no: " + refused;
	return found.empty() ? "no: there is no compiler '" + compiler() + "' (CC names another)"
						 : "yes, by '" + compiler() + "': " + found;
}

void begin_natively(const build_options& with, char** argv) {
	if (const std::string refused = with.native ? no_native_reason() : ""; !refused.empty())
		throw std::runtime_error("--native: " + refused);
	constexpr const char* begun = "SOCKOPS_RUN_HAS_SANITIZER";
	bool wanted = false;
	for (const std::string& each : with.native_flags)
		wanted |= each.starts_with("-fsanitize=") && each.find("address") != each.npos;
	if (!wanted || !with.native)
		return;
	if (std::getenv(begun)) {
		::unsetenv("LD_PRELOAD"); // of the compilers
		return;
	}
	const std::string runtime = first_line_of({compiler(), "-print-file-name=libasan.so"});
	if (runtime.find('/') == runtime.npos)
		throw std::runtime_error("-fsanitize=address: '" + compiler() +
								 "' has no libasan.so, which this needs: CC=gcc has one");
	::setenv(begun, "1", 1);
	::setenv("LD_PRELOAD", runtime.c_str(), 1);
	::setenv("ASAN_OPTIONS", "detect_leaks=0", 0); // what this tool leaks is not the program's
	::execv("/proc/self/exe", argv);
	throw std::runtime_error(std::string("it cannot be started anew: ") + std::strerror(errno));
}

} // namespace sockops_run
