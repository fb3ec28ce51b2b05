import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readTimetable, startSchedule } from '../../src/cli/schedule.ts'
import { UsageError } from '../../src/errors.ts'

describe('a timetable', () => {
  it.each([
    ['0 * * * *', '2026-10-01T10:30:00Z', '2026-10-01T11:00:00.000Z'],
    ['0 * * * *', '2026-10-01T11:00:00Z', '2026-10-01T12:00:00.000Z'],
    ['30 4 * * 1', '2026-10-01T11:00:00Z', '2026-10-05T04:30:00.000Z'],
    ['@daily', '2026-10-01T11:00:00Z', '2026-10-02T00:00:00.000Z'],
    ['15 30 2 * * *', '2026-10-25T00:00:00Z', '2026-10-25T02:30:15.000Z'],
  ])('%s after %s is %s, in UTC', (expression, time, next) => {
    expect(readTimetable(expression).after(new Date(time))?.toISOString()).toBe(next)
  })

  it.each([
    ['hourly', /^--refresh: "hourly" is no cron expression/],
    ['61 * * * *', /minute: 61/],
    ['* * * *', /is no cron expression/],
    ['0 0 31 2 *', /names no time to come/],
    ['2020-01-01T00:00:00', /names no time to come/],
  ])('%s is none', (expression, message) => {
    expect(() => readTimetable(expression)).toThrow(UsageError)
    expect(() => readTimetable(expression)).toThrow(message)
  })
})

/** A clock that stands at a time until it is moved. */
function clockAt(time: string) {
  let now = new Date(time)
  return {
    now: () => now,
    set(next: string) {
      now = new Date(next)
    },
  }
}

describe('a schedule', () => {
  it.each([
    ['0 * * * *', 0, '2026-10-01T11:00:00.000Z'],
    ['0 * * * *', 1, '2026-10-01T11:05:00.000Z'],
    ['0 0 * * *', 1, '2026-10-02T00:05:00.000Z'],
    ['*/10 * * * *', 1, '2026-10-01T10:41:00.000Z'],
    ['*/10 * * * *', 0.5, '2026-10-01T10:40:30.000Z'],
  ])('of %s, with a jitter of %d of the most, is next due at %s', (expression, random, next) => {
    const { now } = clockAt('2026-10-01T10:30:00Z')
    const schedule = startSchedule(
      readTimetable(expression),
      async () => {},
      now,
      () => random,
    )
    schedule.stop()
    expect(schedule.next()?.toISOString()).toBe(next)
  })

  it('runs when its time has come, one run at a time, and knows when it was due', async () => {
    const clock = clockAt('2026-10-01T10:59:59.990Z')
    const dues: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const work = async (due: Date) => {
      dues.push(due.toISOString())
      await promise
    }
    const schedule = startSchedule(readTimetable('0 * * * *'), work, clock.now, () => 0)
    onTestFinished(schedule.stop)
    clock.set('2026-10-01T11:00:00.000Z')
    await expect.poll(() => dues).toEqual(['2026-10-01T11:00:00.000Z'])
    // It takes until after the next one is due: that one is passed over.
    expect(schedule.next()).toBeUndefined()
    clock.set('2026-10-01T12:30:00Z')
    resolve()
    await expect.poll(() => schedule.next()?.toISOString()).toBe('2026-10-01T13:00:00.000Z')
    expect(dues).toHaveLength(1)
  })

  it.each([
    ['0 * * * *', '2026-10-01T11:00:00.000Z'],
    ['*/10 * * * *', '2026-10-01T10:40:00.000Z'],
  ])('of %s does not wait for a time that a wrong clock made it plan', (expression, next) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const clock = clockAt('2036-10-01T10:30:00Z')
    const schedule = startSchedule(
      readTimetable(expression),
      async () => {},
      clock.now,
      () => 0,
    )
    onTestFinished(schedule.stop)
    clock.set('2026-10-01T10:30:00Z')
    vi.advanceTimersToNextTimer()
    expect(schedule.next()?.toISOString()).toBe(next)
  })

  it('runs no more once it is stopped', async () => {
    const clock = clockAt('2026-10-01T10:59:59.999Z')
    let runs = 0
    const work = async () => {
      runs++
      schedule.stop()
    }
    const schedule = startSchedule(readTimetable('0 * * * *'), work, clock.now, () => 0)
    clock.set('2026-10-01T11:00:00Z')
    await expect.poll(() => runs).toBe(1)
    expect(schedule.next()).toBeUndefined()
  })
})
