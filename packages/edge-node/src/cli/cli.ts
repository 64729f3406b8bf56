#!/usr/bin/env node
/** `flotilla`: what an operator of rooms looks at or does, one command each. */
import { endProcess } from '../serve/serve.ts'
import { add, remove, snapshot, transfer } from './commands/change.ts'
import { exportRoom, importRoom } from './commands/export.ts'
import { inspect } from './commands/inspect.ts'
import { lead } from './commands/lead.ts'
import { leader, members, status, watch } from './commands/look.ts'
import { propose } from './commands/propose.ts'
import { read } from './commands/read.ts'
import { recover } from './commands/recover.ts'
import { serve } from './commands/serve.ts'
import { signal } from './commands/signal.ts'
import { trace } from './commands/trace.ts'
import { main } from './main.ts'

const commands = [
  serve,
  status,
  members,
  leader,
  watch,
  transfer,
  add,
  remove,
  propose,
  read,
  snapshot,
  exportRoom,
  importRoom,
  trace,
  lead,
  recover,
  inspect,
  signal,
]
await endProcess(await main(commands, process.argv.slice(2)))
