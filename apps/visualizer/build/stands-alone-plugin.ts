/** Of the single file: nothing lies beside it, so the page must not ask for anything. */
import type { Plugin } from 'vite'

export function standsAlone(): Plugin {
  return {
    name: 'flotilla-stands-alone',
    transformIndexHtml: { order: 'pre', handler: html => html.replace(/^\s*<link rel="(?:icon|manifest)".*\n/gm, '') },
  }
}
