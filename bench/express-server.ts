import express from 'express'
import { announce } from './announce.ts'
import { readAnswers, sendAnswer } from './answers.ts'

/** One Express route that sends the bodies that the service sends, from memory. Without a file it has one of its own. */
const [file] = process.argv.slice(2)
const find = file === undefined ? () => undefined : readAnswers(file)
const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.get('/api/v1/inference/catalog{/*id}', (request, response) =>
  sendAnswer(request, response, find(request)),
)
app.get('/ready', (_request, response) => {
  response.json({ ready: true })
})
const server = app.listen(0, '127.0.0.1', () => announce(server))
