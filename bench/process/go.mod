module gracekeeper.io/bench/process

go 1.26
