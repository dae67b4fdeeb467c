// SPDX-License-Identifier: MIT
// Functions whose comments lack something, each marked with what comments.py says of it, and others that lack nothing.
#pragma once

namespace sockops {

/// Opens it. Context: any thread.
bool opens(); // lacks: what it returns (bool)

/// Opens it; false: it is open already. Context: any thread.
bool opens_and_says();

/// Is it open? Context: any thread.
bool asks();

/// Opens it, if it can. Context: any thread.
int without_errno(); // lacks: its errno (it returns int)

/// Opens it: 0 or -EBUSY. Context: any thread.
int with_errno();

/// The number of those that are open.
unsigned without_context(); // lacks: its context

bool says_nothing(); // lacks: a comment; its context

/// Opens it, and closes it. Context: any thread.
void under_one_comment();
void under_the_same_comment();

/// Context: one thread at a time.
class counter {
  public:
	counter() = default;
	bool operator==(const counter&) const = default;
	/// How many there are.
	int count() const; // lacks: its errno (it returns int)
	/// Returns how many there are.
	int returns_count() const;
	bool by_itself() const; // lacks: a comment
};

} // namespace sockops
