// SPDX-License-Identifier: MIT
// Values by words: a member of a variable by its path, and whether a value is what a text says.
#pragma once

#include <string>
#include <string_view>

#include <sockops/object/bpf_object.hpp>

namespace sockops::object {

/// What ".member[2].other" leads to; "": the value itself. Throws object_error for what is not there.
[[nodiscard]] typed_value value_at(typed_value from, std::string_view path);
/// "name", "name.member", "name[2].member". Throws object_error for what is not there.
[[nodiscard]] typed_value global_by_path(bpf_object& object, const std::string& path);

/// Is it what the text says, as typed_value::set_text() reads it? Members and elements that are not there may
/// be anything, and so may those that are `_`. Throws object_error for a text that is no value of its type.
[[nodiscard]] bool value_matches(const typed_value& value, std::string_view text);
/// "sport, peer.port": the members and elements of such a value that the text says nothing of; "": it says
/// all. Throws as value_matches().
[[nodiscard]] std::string left_out(const typed_value& of, std::string_view text);
/// A value of another type of the same object, "struct event", all zero. Throws object_error if there is
/// none.
[[nodiscard]] typed_value zero_of_type(const typed_value& of_object, std::string_view type);

} // namespace sockops::object
