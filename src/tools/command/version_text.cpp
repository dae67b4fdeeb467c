// SPDX-License-Identifier: MIT
#include "version_text.hpp"

#include <sockops/version.hpp>

#include "../../kern/release_words.hpp"
#include "../../object/libbpf/libbpf.hpp"
#include "words.hpp"

namespace sockops::tools {

std::string version_text(std::string_view name, std::string_view more) {
	std::string libbpf = libbpf::version_string(); // "v1.1"
	libbpf.erase(0, libbpf.starts_with('v'));
	return in_a_row({name, " ", library_version(), "\nmodels Linux ",
					 detail::release_in_words(modelled_release), ".0\nlibbpf ", libbpf,
					 ", a copy of its own\n", more});
}

} // namespace sockops::tools
