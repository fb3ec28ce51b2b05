import { execFileSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { modelPath } from '../../src/web/model-path.ts'
import {
  aiSdkSnippet,
  curlSnippet,
  jsQuoted,
  litellmSnippet,
  shellQuoted,
} from '../../src/web/panel/snippet-text.ts'

const TEXTS = [
  'gpt-5',
  "it's",
  `'; rm -rf / #`,
  '$(date) `date` $HOME',
  '"quoted" \\ and \\"',
  'two\nlines\u2028and\u0000more',
  '\\',
  'モデル 🙂',
]
const provider = {
  id: 'acme',
  npm: '@ai-sdk/openai-compatible',
  api: 'https://acme.example/v1',
  env: ['ACME_API_KEY'],
}

it.each(TEXTS)('quotes %j for JavaScript', (text) => {
  expect(runInNewContext(jsQuoted(text))).toBe(text)
})

it.each(TEXTS.filter((text) => !text.includes('\0')))('quotes %j for a shell', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(text)}`], { encoding: 'utf8' })).toBe(text)
})

it('asks the service for the model, whatever its id holds', () => {
  const { text } = curlSnippet("acme/a b'c?d#e/f", 'http://127.0.0.1:8787/')
  expect(text).toContain(`'http://127.0.0.1:8787/api/v1/inference/models/acme/a%20b'\\''c%3Fd%23e/f'`)
  expect(modelPath('acme/../x')).toBe('acme/..%2Fx')
})

it('calls a model by the package of its provider', () => {
  const openai = { id: 'openai', npm: '@ai-sdk/openai', api: null, env: ['OPENAI_API_KEY'] }
  const snippet = aiSdkSnippet('openai/gpt-5', openai, null)
  expect(snippet?.note).toBe('npm install ai @ai-sdk/openai')
  expect(snippet?.text).toContain(`import { openai } from '@ai-sdk/openai'`)
  expect(snippet?.text).toContain(`model: openai('gpt-5'),`)
})

it('gives the address and the key where the package needs them', () => {
  const text = aiSdkSnippet('acme/org/model-1', provider, null)?.text
  expect(text).toContain(`baseURL: 'https://acme.example/v1',`)
  expect(text).toContain('apiKey: process.env.ACME_API_KEY,')
  expect(text).toContain(`provider('org/model-1')`)
})

it('reads what an address leaves to the environment, and nothing else of it', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: models.dev writes it so.
  const api = 'https://${ACME_REGION}.example/`${}/v1'
  const text = aiSdkSnippet('acme/m', { ...provider, api }, null)?.text ?? ''
  const literal = /baseURL: (`.*`),/.exec(text)?.[1] ?? ''
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no variable, so it stays.
  const url = 'https://eu.example/`${}/v1'
  expect(runInNewContext(literal, { process: { env: { ACME_REGION: 'eu' } } })).toBe(url)
})

it('follows what is different for one model', () => {
  const text = aiSdkSnippet('acme/claude', provider, { npm: '@ai-sdk/anthropic' })?.text
  expect(text).toContain('createAnthropic({')
  expect(text).not.toContain('name:')
})

it('writes no code for a package it does not know, and no command for what is none', () => {
  expect(aiSdkSnippet('acme/m', { ...provider, npm: 'acme-ai-provider' }, null)?.text).toBe(
    'npm install ai acme-ai-provider',
  )
  expect(aiSdkSnippet('acme/m', { ...provider, npm: 'x; rm -rf /' }, null)).toBeUndefined()
  expect(aiSdkSnippet('acme/m', { ...provider, npm: 'constructor' }, null)?.text).toBe(
    'npm install ai constructor',
  )
  expect(aiSdkSnippet('acme/m', { ...provider, env: ['A;B_KEY'] }, null)?.text).not.toContain('A;B')
})

it('quotes for Python', () => {
  expect(litellmSnippet('acme/"m"\n').text).toContain(String.raw`model="acme/\"m\"\n",`)
})
