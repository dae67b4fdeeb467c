// SPDX-License-Identifier: MIT
// Programs in C, compiled while sockops-run runs: to an object file by clang, and with --native also by this
// machine's C compiler to a shared object, which is loaded into the process.
#pragma once

#include <string>
#include <vector>

namespace sockops_run {

/// What the command line says of compiling.
struct build_options {
	bool native = false;
	std::vector<std::string> options;      ///< -I, -D: of both compilers
	std::vector<std::string> native_flags; ///< of this machine's
	std::string keep;                      ///< the folder of what is made; "": one that goes at the end
};

/// "tune.c", which is no object file.
[[nodiscard]] bool is_c_source(const std::string& file) noexcept;

class program_builder {
  public:
	explicit program_builder(const build_options& with) : with_(with) {}
	program_builder(const program_builder&) = delete;
	program_builder& operator=(const program_builder&) = delete;
	~program_builder();

	/// The object file: `file` itself, or what is compiled from it. With build_options::native, the next
	/// bpf_object::open_file() of it with program_form::native has the code of the same source. Throws
	/// std::runtime_error.
	[[nodiscard]] std::string build(const std::string& file);

  private:
	[[nodiscard]] std::string path(const std::string& name) const {
		return std::string(folder_).append("/").append(name);
	}
	void make_folder();
	[[nodiscard]] std::string compile_object(const std::string& source);
	[[nodiscard]] std::string next_native_name(const std::string& object);
	void compile_native(const std::string& code, const std::string& compiled) const;
	void load_native(const std::string& source, const std::string& object);

	const build_options with_;
	std::string folder_; ///< "": nothing has been compiled
	unsigned built_ = 0;
};

/// Whether programs can be compiled for this machine, and by what: for --version.
[[nodiscard]] std::string native_in_words();

/// Before anything else, where --native is asked for: throws std::runtime_error if it cannot be.
/// AddressSanitizer must be in a process from its beginning: if a flag asks for it, starts this program anew
/// with it, and does not return; throws where the compiler has none.
void begin_natively(const build_options& with, char** argv);

} // namespace sockops_run
