// Command kube-controller-manager makes namespaces go away, collects what lost its owner and gives deployments their replica sets.
package main

import (
	"os"
	_ "time/tzdata" // CronJobs name time zones; the test machine may have none

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	os.Exit(cli.Run(app.NewControllerManagerCommand()))
}
