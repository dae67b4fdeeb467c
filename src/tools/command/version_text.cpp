// SPDX-License-Identifier: MIT
#include "version_text.hpp"

#include <sockops/version.hpp>

#include "../../object/libbpf/libbpf.hpp"
#include "../../object/modelled_kernel.hpp"
#include "words.hpp"

namespace sockops::tools {

std::string version_text(std::string_view name, std::string_view more) {
	std::string libbpf = libbpf::version_string(); // "v1.1"
	libbpf.erase(0, libbpf.starts_with('v'));
	return in_a_row({name, " ", library_version(), "\nmodels Linux ", object::modelled_kernel, "\nlibbpf ",
					 libbpf, ", a copy of its own\n", more});
}

} // namespace sockops::tools
