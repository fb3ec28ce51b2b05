import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { SECRETS, SETTINGS } from '../../src/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const MANIFESTS = join(ROOT, 'deploy/kubernetes')
const TYPES: Record<string, string> = {
  StatefulSet: 'apps/v1',
  Deployment: 'apps/v1',
  Service: 'core/v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking/v1',
}

type Labels = Record<string, string>
interface Container {
  args: string[]
  env: { name: string }[]
  ports: { name: string; containerPort: number }[]
  securityContext: object
  startupProbe: { httpGet: object }
  livenessProbe: { httpGet: object }
  readinessProbe: { httpGet: object }
  volumeMounts: { name: string; mountPath: string }[]
}
interface Resource {
  apiVersion: string
  kind: string
  metadata: { name: string }
  spec: {
    selector: { matchLabels: Labels } & Labels
    podSelector: { matchLabels: Labels }
    template: { metadata: { labels: Labels }; spec: { containers: Container[]; securityContext: object } }
    ports: { targetPort: string }[]
  }
}

const resources = readdirSync(MANIFESTS).flatMap((name) =>
  parseAllDocuments(readFileSync(join(MANIFESTS, name), 'utf8')).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Resource
  }),
)
const workloads = resources.filter(({ spec }) => spec.template !== undefined)
const labelsOf = ({ spec }: Resource) => spec.template.metadata.labels
const selects = (selector: Labels) => (workload: Resource) =>
  Object.entries(selector).every(([name, value]) => labelsOf(workload)[name] === value)

describe('the manifests for Kubernetes', () => {
  it('have no field that Kubernetes does not know, and all that it needs', async () => {
    // Below the packages, so that the compiler finds the types.
    const folder = mkdtempSync(join(ROOT, 'test/deploy/typed-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const lines = resources.map(({ kind, ...rest }, index) => {
      const type = `import('kubernetes-types/${TYPES[kind]}').${kind}`
      return `export const r${index}: ${type} = ${JSON.stringify({ kind, ...rest })}\n`
    })
    const wrong = `export const wrong: import('kubernetes-types/apps/v1').Deployment = { spec: { replica: 3 } }\n`
    writeFileSync(join(folder, 'resources.ts'), lines.join(''))
    writeFileSync(join(folder, 'wrong.ts'), wrong)
    const options =
      '--noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --ignoreConfig'
    const line = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options.split(' ')]
    const check = (file: string) =>
      promisify(execFile)(process.execPath, [...line, join(folder, file)]).then(
        () => '',
        ({ stdout }) => String(stdout),
      )
    expect(await check('resources.ts')).toBe('')
    expect(await check('wrong.ts')).toContain("'replica' does not exist")
  })

  it('select the pods that there are', () => {
    expect(workloads.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'StatefulSet'])
    for (const { kind, spec } of resources) {
      const selector = kind === 'Service' ? spec.selector : (spec.podSelector ?? spec.selector).matchLabels
      expect(workloads.filter(selects(selector)), JSON.stringify(selector)).toHaveLength(1)
    }
  })

  it.each(workloads.map((workload) => [workload.metadata.name, workload] as const))(
    '%s runs as nobody, writes only to its volumes, and is probed',
    (_name, { spec: { template } }) => {
      expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
      for (const container of template.spec.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp'])
        expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
        expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
        expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
        expect(container.ports).toEqual([{ name: 'http', containerPort: 8787 }])
      }
    },
  )

  it('name settings that there are', () => {
    const flags = Object.values(SETTINGS).map(([flag]) => flag.replace(/ .*/, ''))
    const variables = [...Object.values(SETTINGS).map(([, variable]) => variable), ...Object.values(SECRETS)]
    for (const { args, env } of workloads.flatMap(({ spec }) => spec.template.spec.containers)) {
      for (const arg of args.filter((arg) => arg.startsWith('-'))) expect(flags).toContain(arg)
      for (const { name } of env) expect(variables).toContain(name)
    }
  })
})

it('the compose file runs the image read-only, without privileges', () => {
  const { services, volumes } = parse(readFileSync(join(ROOT, 'deploy/compose.yaml'), 'utf8'))
  expect(services.modeldex).toMatchObject({
    build: { context: '..', dockerfile: 'deploy/Dockerfile' },
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['data:/data'],
  })
  expect(Object.keys(volumes)).toEqual(['data'])
})
