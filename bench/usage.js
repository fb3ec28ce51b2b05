// Loaded before a measured server: tells what the operating system says it took, whenever the bench asks.
// Plain JavaScript, so that it brings no type stripper into the process.
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuUs: user + system, rssBytes: process.memoryUsage.rss() })
})
// The bench is gone: so is its server.
process.on('disconnect', () => process.exit())
process.channel?.unref()
