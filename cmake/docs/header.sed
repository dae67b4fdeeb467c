# SPDX-License-Identifier: MIT
# A header as Doxygen reads it: the first comment is the file's, and "Context:" is a section. No line is added or lost.
1 s|^// SPDX-License-Identifier:.*|/// @file|
2,/^#pragma once/ s|^//\( *\)$|///|
2,/^#pragma once/ s|^//  \+|///     &|
2,/^#pragma once/ s|^///     //|///     |
2,/^#pragma once/ s|^// |/// |
# A backslash is one; what begins with "::" is no name to look up.
/^[\t ]*\/\/\//{
	s|\\|\\\\|g
	s|\([^A-Za-z0-9_>]\)::|\1\\::|g
}
s|^\([\t ]*\)///\? Context: |\1/// @context |
