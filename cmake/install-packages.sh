# SPDX-License-Identifier: MIT
# Sourced by examples/run.sh and tests/run.sh.
#
# install_packages OFFLINE PACKAGE...: installs the Debian packages that are missing, and says so.
# Where it may not (OFFLINE is true, or neither root nor sudo), it prints the one command that
# would, and ends the script with status 1.
. cmake/progress.sh

missing_packages() {
	for package; do
		case $(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null) in
		*' installed') ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

install_packages() {
	offline_setup=$1
	shift
	if ! command -v dpkg-query >/dev/null; then
		echo "This is not Debian. What is needed has there the names: $*" >&2
		return 0
	fi
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0

	as_root=
	command="apt-get update && apt-get install --yes --no-install-recommends$missing"
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
		command="sudo apt-get update && sudo apt-get install --yes --no-install-recommends$missing"
	fi
	if $offline_setup || { [ -n "$as_root" ] && ! command -v sudo >/dev/null; }; then
		if $offline_setup; then reason='--offline'; else reason='not root, and no sudo'; fi
		echo "Debian packages are missing, and nothing is installed ($reason). As root, type:" >&2
		echo "  apt-get update && apt-get install --yes --no-install-recommends$missing" >&2
		exit 1
	fi

	echo "Installing Debian packages: $command" >&2
	setup_log=$(mktemp)
	if ! with_progress "$setup_log" apt_install "$missing"; then
		echo "The installation failed. By hand: $command" >&2
		exit 1
	fi
	rm -f "$setup_log"
}

# apt_install PACKAGES
apt_install() {
	$as_root apt-get update &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $1
}
