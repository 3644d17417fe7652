module gracekeeper.io/cluster/images

go 1.26
