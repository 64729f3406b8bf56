/** The browser's node, off the page. */
import { serveNode } from '@flotilla/browser-node/worker'
import { program } from './program.ts'

serveNode(program)
