# shellcheck shell=bash
# What the client counts. A window is a stretch of time with a name; a request belongs to the windows that are open when it is
# sent, and is waited for after their end.

client() { shop exec client -- node /apps/ask.js "$@"; }

open_window() { client open "$1" >/dev/null; }

# close_window NAME: sets SENT, LOST and HOW (of the lost), as the client counted them
close_window() {
  local answer
  answer=$(client close "$1")
  read -r SENT LOST HOW <<<"$answer"
}

client_gets_answers() { [ "$(client answered)" -gt 20 ]; }
