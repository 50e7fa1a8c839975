import {describe, test} from 'node:test';
import {custom, define, definition, groupOf} from './manifests.ts';
import {cleanUp, scenario} from './scenario.ts';

describe('custom kinds', {concurrency: 3}, () => {
  for (const options of [[], ['--server-side']]) {
    test(`trap 35: drift below preserve-unknown-fields is seen (${options.join(' ') || 'client-side'})`, async t => {
      const spec = {on: true, nested: {a: 1, list: [{name: 'x', value: 1}], empty: {}}, keep: 'k', drop: 'd'};
      const scene = await scenario(t, place => ({'one.yaml': custom(place, 'Anything', spec)}));
      if (!scene) return;
      await define(t, scene, {
        kind: 'Anything',
        plural: 'anythings',
        schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
      });
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      const patch = {nested: {a: 2, b: 'by hand', list: [{name: 'x', value: 2}]}, drop: null};
      await scene.kubectl(
        'patch',
        `anythings.${groupOf(scene)}`,
        'one',
        '--type=merge',
        `--patch=${JSON.stringify({spec: patch})}`,
      );
      const {keep: _, ...without} = spec;
      await scene.git({'one.yaml': custom(scene, 'Anything', without)});
      await scene.expect({
        exit: 1,
        resources: {
          'Anything/one': {
            status: 'Modified',
            fields: {
              'spec.nested.a': {change: 'changed', desired: 1, live: 2, manager: 'kubectl-patch'},
              'spec.nested.b': {change: 'added', live: 'by hand', manager: 'kubectl-patch'},
              'spec.nested.list': 'changed',
              'spec.drop': {change: 'removed', desired: 'd'},
              'spec.keep': {change: 'added', live: 'k'},
            },
          },
        },
      });
    });
  }

  test('trap 35: also where the whole object is free, and the kind was created a moment ago', async t => {
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Root', {a: {b: 1}}, {extra: {x: [1, 2]}}),
    }));
    if (!scene) return;
    const kind = definition(scene, {kind: 'Root', plural: 'roots', schema: {}});
    const free = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};
    const text = JSON.stringify(kind).replace(
      /"openAPIV3Schema":.*?\}\}\}/,
      `"openAPIV3Schema":${JSON.stringify(free)}`,
    );
    cleanUp(t, scene, 'crd', `roots.${groupOf(scene)}`);
    await scene.feed(text, 'create', '-f', '-');
    await scene.kubectl('wait', '--for=condition=Established', `crd/roots.${groupOf(scene)}`);
    await scene.applyGit();
    await scene.expect({exit: 0, count: 1});
    await scene.kubectl(
      'patch',
      `roots.${groupOf(scene)}`,
      'one',
      '--type=merge',
      '--patch={"spec":{"a":{"b":2,"c":3}},"extra":{"x":[1]},"more":true}',
    );
    await scene.expect({
      exit: 1,
      resources: {
        'Root/one': {
          status: 'Modified',
          fields: {
            'spec.a.b': {change: 'changed', desired: 1, live: 2},
            'spec.a.c': {change: 'added', live: 3, manager: 'kubectl-patch'},
            'extra.x': {change: 'changed', desired: [1, 2], live: [1]},
            more: {change: 'added', live: true},
          },
        },
      },
    });
  });

  for (const options of [[], ['--server-side', '--field-manager=argocd-controller']]) {
    test(`trap 38: a custom resource changed by hand is seen (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, place => ({
        'one.yaml': custom(place, 'App', {replicas: 2, image: 'app:1', settings: {level: 'info'}}),
      }));
      if (!scene) return;
      await define(t, scene, {
        kind: 'App',
        plural: 'apps',
        status: true,
        properties: {status: {type: 'object', properties: {phase: {type: 'string'}}}},
        schema: {
          type: 'object',
          properties: {
            replicas: {type: 'integer'},
            image: {type: 'string'},
            pullPolicy: {type: 'string', default: 'IfNotPresent'},
            paused: {type: 'boolean'},
            settings: {type: 'object', additionalProperties: {type: 'string'}},
          },
        },
      });
      await scene.applyGit(...options);
      await scene.kubectl(
        'patch',
        `apps.${groupOf(scene)}`,
        'one',
        '--subresource=status',
        '--type=merge',
        '--field-manager=app-operator',
        '--patch={"status":{"phase":"Ready"}}',
      );
      await scene.expect({exit: 0});
      await scene.kubectl(
        'patch',
        `apps.${groupOf(scene)}`,
        'one',
        '--type=merge',
        '--patch={"spec":{"replicas":3,"paused":true,"settings":{"color":"red"},"pullPolicy":"Always"}}',
      );
      await scene.expect({
        exit: 1,
        resources: {
          'App/one': {
            status: 'Modified',
            fields: {
              'spec.replicas': {change: 'changed', desired: 2, live: 3, manager: 'kubectl-patch'},
              'spec.paused': {change: 'added', live: true},
              'spec.settings.color': {change: 'added', live: 'red'},
              'spec.pullPolicy': {change: 'added', live: 'Always'},
            },
          },
        },
      });
    });
  }

  for (const command of [
    ['apply', '--server-side'],
    ['apply', '--server-side', '--field-manager=gitops-tui'],
    ['apply', '--server-side', '--field-manager=argocd-controller'],
    ['apply'],
    ['create'],
  ]) {
    test(`trap 29: an empty struct that git dropped, which the server filled with defaults (${command.join(' ')})`, async t => {
      const scene = await scenario(t, place => ({
        'one.yaml': custom(place, 'Store', {}),
        'inner.yaml': custom(place, 'Store', {cache: {}, log: {}}, {name: 'inner'}),
      }));
      if (!scene) return;
      const level = {type: 'string', default: 'info'};
      await define(t, scene, {
        kind: 'Store',
        plural: 'stores',
        schema: {
          type: 'object',
          properties: {
            size: {type: 'integer', default: 1},
            cache: {type: 'object', properties: {level}},
            log: {type: 'object', default: {}, properties: {level}},
          },
        },
      });
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0, count: 2});
      await scene.git({
        'one.yaml': custom(scene, 'Store', null),
        'inner.yaml': custom(scene, 'Store', {}, {name: 'inner'}),
      });
      const added = (path: string) => ({status: 'Modified' as const, fields: {[path]: 'added' as const}});
      await scene.expect({
        exit: 1,
        resources: {'Store/one': added('spec'), 'Store/inner': added('spec.cache')},
      });
    });
  }
});
