import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {configMap, container, custom, definition, deployment, groupOf, text} from './manifests.ts';
import {cleanUp, type Place, scenario} from './scenario.ts';
import {sync} from './syncing.ts';

const pod = (image: string) => ({
  metadata: {labels: {app: 'db'}},
  spec: {restartPolicy: 'Always', containers: [{name: 'db', image}]},
});

const job = (image: string) =>
  text({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {name: 'migrate'},
    spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'migrate', image}]}}},
  });

const statefulSet = (size: string, image = 'db:1') =>
  text({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {name: 'db'},
    spec: {
      serviceName: 'db',
      selector: {matchLabels: {app: 'db'}},
      template: pod(image),
      volumeClaimTemplates: [
        {
          metadata: {name: 'data'},
          spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: size}}},
        },
      ],
    },
  });

const service = (clusterIP: string) =>
  text({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'db'},
    spec: {clusterIP, selector: {app: 'db'}, ports: [{port: 5432}]},
  });

const binding = (role: string) =>
  text({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {name: 'db'},
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role},
    subjects: [{kind: 'ServiceAccount', name: 'db', namespace: 'default'}],
  });

const claim = (storageClassName: string) =>
  text({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {name: 'db'},
    spec: {storageClassName, accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
  });

const barePod = (hostname: string) =>
  text({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'db'},
    spec: {hostname, containers: [{name: 'db', image: 'db:1'}]},
  });

const priority = (name: string, value: number) =>
  text({apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: {name}, value});

const frozen = (value: string) =>
  text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'frozen'}, immutable: true, data: {a: value}});

describe('immutable fields, and what comes with its own kind or namespace', {concurrency: 3}, () => {
  for (const options of [[], ['--server-side']]) {
    test(`trap 48: an immutable field is a diff that needs a replace, and the rest goes on (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, ({namespace}) => ({
        'pod.yaml': barePod('a'),
        'priority.yaml': priority(namespace, 5),
        'job.yaml': job('migrate:1'),
        'set.yaml': statefulSet('1Gi'),
        'service.yaml': service('None'),
        'binding.yaml': binding('view'),
        'claim.yaml': claim('fast'),
        'frozen.yaml': frozen('1'),
        'web.yaml': deployment({spec: {selector: {matchLabels: {app: 'web'}}}}),
        'map.yaml': configMap('map', {a: '1'}),
        'same.yaml': configMap('same', {a: '1'}),
      }));
      if (!scene) return;
      cleanUp(t, scene, 'priorityclass', scene.namespace);
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 11});
      await scene.git({
        'pod.yaml': barePod('b'),
        'priority.yaml': priority(scene.namespace, 6),
        'job.yaml': job('migrate:2'),
        'set.yaml': statefulSet('2Gi', 'db:2'),
        'service.yaml': service('10.0.200.17'),
        'binding.yaml': binding('edit'),
        'claim.yaml': claim('slow'),
        'frozen.yaml': frozen('2'),
        'web.yaml': deployment({
          spec: {selector: {matchLabels: {app: 'web', tier: 'front'}}},
          template: {metadata: {labels: {app: 'web', tier: 'front'}}},
        }),
        'map.yaml': configMap('map', {a: '2'}),
      });
      const notes = [/needs replace/];
      const verdict = await scene.expect({
        exit: 1,
        count: 11,
        resources: {
          'Job/migrate': {
            status: 'Modified',
            fields: {
              'spec.template.spec.containers[name=migrate].image': {
                change: 'changed',
                desired: 'migrate:2',
                live: 'migrate:1',
              },
            },
            notes,
          },
          'StatefulSet/db': {
            status: 'Modified',
            fields: {
              'spec.volumeClaimTemplates': 'changed',
              'spec.template.spec.containers[name=db].image': {
                change: 'changed',
                desired: 'db:2',
                live: 'db:1',
              },
            },
            notes,
          },
          'Pod/db': {status: 'Modified', fields: {'spec.hostname': 'changed'}, notes},
          [`PriorityClass/${scene.namespace}`]: {
            status: 'Modified',
            fields: {value: {change: 'changed', desired: 6, live: 5}},
            notes,
          },
          'Service/db': {
            status: 'Modified',
            fields: {'spec.clusterIP': {change: 'changed', desired: '10.0.200.17', live: 'None'}},
            notes,
          },
          'RoleBinding/db': {status: 'Modified', fields: {roleRef: 'changed'}, notes},
          'PersistentVolumeClaim/db': {
            status: 'Modified',
            fields: {'spec.storageClassName': 'changed'},
            notes,
          },
          'ConfigMap/frozen': {
            status: 'Modified',
            fields: {'data.a': {change: 'changed', desired: '2', live: '1'}},
            notes,
          },
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'spec.selector': 'changed',
              'spec.template.metadata.labels.tier': {change: 'removed', desired: 'front'},
            },
            notes,
          },
          'ConfigMap/map': {status: 'Modified', fields: {'data.a': 'changed'}},
        },
      });
      for (const note of verdict.resources.flatMap(({notes: told}) => told as string[]))
        assert.doesNotMatch(note, /\n/, 'a note is one line');
    });
  }

  const inSpace = (place: Place) => `${place.namespace}-b`;
  test('trap 49: a Namespace and what is in it, created in the same set, by a sync too', async t => {
    const scene = await scenario(t, place => ({
      'all.yaml': text(
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: 'inside', namespace: inSpace(place)},
          data: {a: '1'},
        },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {name: 'web', namespace: inSpace(place)},
          spec: {
            selector: {matchLabels: {app: 'web'}},
            template: {
              metadata: {labels: {app: 'web'}},
              spec: {containers: [{name: 'web', image: 'web:1'}]},
            },
          },
        },
        {apiVersion: 'v1', kind: 'Namespace', metadata: {name: inSpace(place)}},
      ),
    }));
    if (!scene) return;
    cleanUp(t, scene, 'namespace', inSpace(scene));
    await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        [`Namespace/${inSpace(scene)}`]: {status: 'Missing'},
        'ConfigMap/inside': {status: 'Missing'},
        'Deployment/web': {status: 'Missing'},
      },
    });
    await sync(scene);
    await scene.expect({exit: 0, count: 3});
    await scene.cluster.kubectl([
      'set',
      'image',
      `--namespace=${inSpace(scene)}`,
      'deployment/web',
      'web=web:2',
    ]);
    await scene.expect({
      exit: 1,
      count: 3,
      resources: {'Deployment/web': {status: 'Modified', fields: {[`${container}.image`]: 'changed'}}},
    });
  });

  test('trap 50: a CustomResourceDefinition and its objects, created in the same set, by a sync too', async t => {
    const kind = {
      kind: 'Shelf',
      plural: 'shelves',
      schema: {type: 'object', properties: {books: {type: 'integer'}}},
    };
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Shelf', {books: 3}),
      'definition.yaml': text(definition(place, kind)),
      'map.yaml': configMap('map', {a: '1'}),
    }));
    if (!scene) return;
    const name = `shelves.${groupOf(scene)}`;
    cleanUp(t, scene, 'crd', name);
    await scene.kubectl('apply', '-f', `${scene.folder}/map.yaml`);
    await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        [`CustomResourceDefinition/${name}`]: {status: 'Missing'},
        'Shelf/one': {status: 'Missing', notes: [/CustomResourceDefinition is in git/]},
      },
    });
    await sync(scene);
    await scene.expect({exit: 0, count: 3});
    await scene.kubectl('patch', 'shelf', 'one', '--type=merge', '--patch={"spec":{"books":4}}');
    await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        'Shelf/one': {
          status: 'Modified',
          fields: {'spec.books': {change: 'changed', desired: 3, live: 4, manager: 'kubectl-patch'}},
        },
      },
    });
  });
});
