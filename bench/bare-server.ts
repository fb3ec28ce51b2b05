import { createServer } from 'node:http'
import { announce } from './announce.ts'
import { readAnswers, sendAnswer } from './answers.ts'

/** The floor: `node:http` alone, sending the bodies that the service sends, from memory. */
const [file = ''] = process.argv.slice(2)
const find = readAnswers(file)
const server = createServer((request, response) => sendAnswer(request, response, find(request)))
server.listen(0, '127.0.0.1', () => announce(server))
