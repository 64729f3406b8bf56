#!/usr/bin/env node
/** `flotilla`: what an operator of rooms looks at or does, one command each. */
import { inspect } from './commands/inspect.ts'
import { signal } from './commands/signal.ts'
import { main } from './main.ts'

process.exitCode = await main([inspect, signal], process.argv.slice(2))
