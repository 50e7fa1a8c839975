import {readFile} from 'node:fs/promises';
import {inkRemembers} from './ink-remembers.js';

/** Ink loads the React devtools only when DEV is set; they are no part of the product. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({filter: /^react-devtools-core$/}, () => ({
      path: 'react-devtools-core',
      namespace: 'stub',
    }));
    build.onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default {};'}));
  },
};

/** Yoga reads its WebAssembly through fetch where there is one, which loads Node's undici: 28 ms of the first frame. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(build) {
    build.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path: file}) => ({
      contents: `const fetch = undefined;\n${await readFile(file, 'utf8')}`,
      loader: 'js',
    }));
  },
};

/** The generated API of the Kubernetes client costs 380 ms to load: let what isn't imported be dropped. */
const pureKubernetesClient = {
  name: 'pure-kubernetes-client',
  setup(build) {
    build.onResolve({filter: /^@kubernetes\/client-node$/}, async ({path: name, ...options}) => {
      if (options.pluginData === 'resolved') return undefined;
      const {kind, importer, resolveDir} = options;
      const found = await build.resolve(name, {kind, importer, resolveDir, pluginData: 'resolved'});
      return {...found, sideEffects: false};
    });
    build.onResolve({filter: /^\.{1,2}\//}, async ({path: name, ...options}) => {
      if (options.pluginData === 'resolved' || !options.importer.includes('@kubernetes/client-node/'))
        return undefined;
      const {kind, importer, resolveDir} = options;
      const found = await build.resolve(name, {kind, importer, resolveDir, pluginData: 'resolved'});
      return {...found, sideEffects: false};
    });
  },
};

/** How the program is bundled, wherever it is: for dist/, and where it is measured. */
export function bundling(version) {
  return {
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    minify: true,
    keepNames: false,
    logLevel: 'warning',
    loader: {'.json': 'json'},
    define: {'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(version)},
    // CommonJS packages inside an ES module bundle still call require for Node's own modules.
    banner: {
      js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [withoutDevtools, yogaWithoutFetch, inkRemembers, pureKubernetesClient],
  };
}
