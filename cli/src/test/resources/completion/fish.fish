# Asks fish's completion for the end of each argument, and prints the candidates.
kubectl-gracekeeper completion fish | source
for line in $argv
    string join -- ' ' (complete -C $line)
end
