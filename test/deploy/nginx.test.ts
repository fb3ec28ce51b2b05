import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../service.ts'

const CONFIGS = join(import.meta.dirname, '../../deploy/nginx')
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`
const run = promisify(execFile)

it.for(readdirSync(CONFIGS))('nginx takes %s', async (name, { skip }) => {
  const hasNginx = await run('nginx', ['-v'], { env: { PATH } }).then(
    () => true,
    () => false,
  )
  if (!hasNginx) skip('nginx is not installed')
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const own of ['modeldex', 'modeldex-tokens']) mkdirSync(join(folder, own))
  const servers = readFileSync(join(CONFIGS, name), 'utf8').replaceAll('/var/cache/nginx/', `${folder}/`)
  const http = `access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;`
  writeFileSync(join(folder, 'nginx.conf'), `pid nginx.pid; events {} http { ${http} ${servers} }`)
  const args = ['-t', '-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'stderr']
  const { stderr } = await run('nginx', args, { env: { PATH } })
  expect(stderr).toContain('test is successful')
  expect(stderr).not.toMatch(/\[(warn|emerg)\]/)
})
