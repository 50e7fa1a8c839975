import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const cli = fileURLToPath(new URL('../../../source/cli.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** Runs `gitops-tui diff --output json` in a repository, as a user in that folder would. */
export function runDiffCommand(
  folder: string,
  kubeconfig: string,
  ...more: string[]
): Promise<{status: number; stdout: string; stderr: string}> {
  const args = ['--import', loader, cli, 'diff', '--output', 'json', '--kubeconfig', kubeconfig, ...more];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', status => resolve({status: status ?? -1, stdout, stderr}));
  });
}
