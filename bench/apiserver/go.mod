module gracekeeper.io/bench/apiserver

go 1.24
