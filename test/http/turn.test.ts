import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { oncePerTurn } from '../../src/http/turn.ts'

it('checks once in a turn of the event loop', async () => {
  let checks = 0
  const check = oncePerTurn(() => ++checks)
  expect([check(), check()]).toEqual([1, 1])
  await Promise.resolve()
  expect(check()).toBe(1)
  // Long enough for the event loop to look for input.
  await sleep(20)
  expect([check(), check()]).toEqual([2, 2])
  check.forget()
  expect(check()).toBe(3)
})

it('checks again what failed, and after that holds nothing from before', () => {
  let turn = 0
  let isBroken = false
  const check = oncePerTurn(
    () => {
      if (isBroken) throw new Error('broken')
      return turn
    },
    () => turn,
  )
  expect(check()).toBe(0)
  turn = 1
  isBroken = true
  expect(check).toThrow('broken')
  expect(check).toThrow('broken')
  isBroken = false
  expect(check()).toBe(1)
})
