// Command gitea is the real Gitea, unchanged, built from its own module.
package main

import (
	"os"
	"time"

	"code.gitea.io/gitea/cmd"
	"code.gitea.io/gitea/modules/log"
	"code.gitea.io/gitea/modules/setting"
)

// Version is stamped by the linker.
var Version = "development"

func main() {
	setting.AppVer = Version
	setting.AppStartTime = time.Now().UTC()
	app := cmd.NewMainApp(cmd.AppVersion{Version: Version})
	_ = cmd.RunMainApp(app, os.Args...) // it has said what went wrong, and ends the process itself
	log.GetManager().Close()
}
