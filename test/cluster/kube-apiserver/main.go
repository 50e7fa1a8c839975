// Command kube-apiserver is the real API server, unchanged, built from its own module.
package main

import (
	"os"
	_ "time/tzdata" // CronJobs name time zones; the test machine may have none

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
