# Asks bash's completion for the last word of each argument, and prints the candidates.
source <(kubectl-gracekeeper completion bash)
compopt() { :; } # A builtin that works in an interactive shell alone; it says how to show candidates.
for line; do
  COMP_LINE=$line COMP_POINT=${#line}
  read -ra COMP_WORDS <<<"$line"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  spec=$(complete -p "${COMP_WORDS[0]}")
  function=${spec#* -F }
  "${function%% *}"
  echo "${COMPREPLY[*]}"
done
