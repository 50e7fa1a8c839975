/** What `--help` says, and the manual. */
export const usage = `
  Usage
    gitops-tui [PATH]                  open the app on a repository (default: this folder)
    gitops-tui demo                    open the app on an example repository and an embedded cluster
    gitops-tui diff [ENVIRONMENT…]     what drifted, field by field
    gitops-tui status [ENVIRONMENT…]   one line an environment
    gitops-tui log ENVIRONMENT         its revisions, which one is live, what is pending
    gitops-tui sync ENVIRONMENT        bring the cluster to what git says
    gitops-tui revert ENVIRONMENT COMMIT
                                       bring git back to what a commit said
    gitops-tui baseline ENVIRONMENT [COMMIT]
                                       mark a commit as known good; without one, list what is marked
    gitops-tui adopt ENVIRONMENT KIND/[NAMESPACE/]NAME [FIELD…]
                                       let git say what is live, at the lines that set it
    gitops-tui promote ENVIRONMENT [NAME…]
                                       what it differs in from the one before it, and bring that over
    gitops-tui versions                which version of each application is in which environment
    gitops-tui images ENVIRONMENT [IMAGE…]
                                       what registries have for its images; --update writes that to git
    gitops-tui pr [ENVIRONMENT]        open pull requests, and which environments each touches
    gitops-tui pr show N               checks, reviews, comments, and what a merge would change; --watch waits for them
    gitops-tui pr open ENVIRONMENT     open one of the commits that the remote lacks
    gitops-tui pr merge N [ENVIRONMENT…]
                                       merge what was shown; protected environments are named too
    gitops-tui pr edit N               title, draft or ready, labels, reviews

  Where
    -C, --repository PATH   the repository (default: this folder)
    --config FILE           instead of .gitops-tui.yaml at the repository's root
    --kubeconfig FILE       instead of $KUBECONFIG or ~/.kube/config
    --context NAME          kubeconfig context where neither the config file nor a context's name says which
    --worktree              compare files as they lie in the working tree, not as committed

  What
    -o, --output FORMAT     text, json or yaml (diff, status, log, images, pr, versions)
    --orphans               diff: also what is nobody's in an environment's namespaces (not drift)
    --ignored               diff: also what differs and is no drift, and why
    --limit N               revisions that log prints (default: 20); --skip N leaves out the newest, --at COMMIT begins there
    --signatures            log: verify them; --differences: in how many fields live differs from each
    --changes               log: what each changes, rendered: images, replicas, objects added and removed
    --prune                 sync: also delete what git no longer has
    --force                 sync: take over fields that other controllers own
    --timeout SECONDS       sync: how long to wait for health (default: 300; 0 doesn't wait)
    --revert-commits        revert: git revert each later commit, instead of restoring the folder as one commit
    --environment-only      revert: the same, but only inside the environment's folder
    --alone                 revert: undo just this commit, keep what came after it
    --mainline [SHA:]N      revert: undo a merge (or all) to its Nth parent (default: 1)
    --edit                  revert: resolve conflicts in $EDITOR
    --to-baseline           revert: to the last commit that is marked as known good
    --note TEXT             baseline: what there is to say of it
    --update                images: update them in git, to what their policies choose
    --watch                 pr show: print what changes until its checks have ended
                            images: ask again every few minutes, print what has changed
    --plain-http HOST:PORT  a registry without TLS (as often as needed; this machine's own need none)
    --from ENVIRONMENT      promote: from this one, instead of what promotesFrom says
    --only WHAT             promote: images, values, objects, files, all (but files) or merge; as often as needed
    --all                   adopt: everything that drifted
    --shared                adopt: also edit files that other environments share
    --pull-request          revert, adopt, images, promote: push a branch and open a pull request
    --title TEXT            its title, and the commit's subject
    --body TEXT             pr: its description
    --draft                 open it as a draft; pr edit: make it one, --ready ends that
    --method METHOD         pr merge: merge, squash, rebase or fast-forward (default: the repository's)
    --delete-branch         pr merge: delete its branch afterwards
    --reviewer NAME         ask for a review; --label NAME sets a label (each as often as needed)
    --no-verify             revert, images, promote, adopt: without your own commit hooks
    --dry-run               print the plan, change nothing
    -y, --yes               do what the plan says; without it the plan is only printed

  How
    --read-only             refuse every change
    --reveal-secrets        app: x shows one secret value for a short while; nothing else ever prints one
    --preferences FILE      app: your own theme, keys and commands (default: ~/.config/gitops-tui/config.yaml)
    --no-fetch              app: don't ask the remote for new commits every minute, nor its forge for its rules
    --fresh                 app: begin at the overview, not where you left this repository
    --no-color, --ascii     plain output
    --plain                 app: line by line, for screen readers and scripts; by itself where TERM is dumb or not set
    --theme NAME            app: auto (by the terminal's background), dark, light, high-contrast, colour-blind, none
    --mouse                 app: click rows and keys, scroll by the wheel; the terminal's own selection then needs shift
    --help, --version

  diff and status exit with 0 when everything is in sync, 1 when there is drift, 2 when something is unknown or failed;
  images likewise: 0 nothing is newer, 1 something is, 2 something could not be told.
  pr show exits with 0 when it can be merged (or is), 1 when not (yet), 2 when that could not be told.
`;
