#!/bin/sh
# Says what is missing before anything is fetched.
set -u
missing=
command -v node >/dev/null 2>&1 || missing="$missing node"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ]; then
  echo "b3iq: not found:$missing. Needed: Node 20 or newer with npm, make, git. On Debian: apt-get install -y nodejs npm make git" >&2
  exit 2
fi
version=$(node --version)
major=${version#v}; minor=${major#*.}; major=${major%%.*}; minor=${minor%%.*}
if [ "$(uname -s)-$(uname -m)" = "Linux-x86_64" ]; then
  # Node 24 comes with the packages; the one on the PATH only has to run npm.
  [ "$major" -ge 20 ] && exit 0
  echo "b3iq: found Node $version, needed: 20 or newer (Node 24 is then fetched with the packages)" >&2
else
  [ "$major" -gt 23 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 18 ]; } && exit 0
  echo "b3iq: found Node $version, needed on this system: 22.18 or newer (not 23); see https://nodejs.org" >&2
fi
exit 2
