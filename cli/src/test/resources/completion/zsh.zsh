# Types each argument into an interactive zsh, presses tab twice, and prints what the screen shows.
zmodload zsh/zpty
zpty shell zsh -f -i
until_seen() { # pattern
  local out
  while zpty -r -t shell out || sleep 0.02; do
    seen+=$out
    [[ $seen == *$~1* ]] && return
  done
}
zpty -w shell "PS1=; PS2=; stty -echo; source <(kubectl-gracekeeper completion zsh); bindkey -e"
zpty -w shell 'print LOA''DED'
seen=; until_seen LOADED
# What is asked next is typed behind the candidates, so that the screen says when they are all there.
for line; do
  seen=
  zpty -w -n shell "$line"$'\t\t'"@END"
  until_seen @END
  print -r -- "${seen//[$'\r\n']/ }"
  zpty -w -n shell $'\C-a\C-k'
done
zpty -d shell
