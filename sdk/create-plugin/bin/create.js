#!/usr/bin/env node
import { main } from 'create-signalbox'
import { createPlugin } from '../lib/index.js'

await main({
  usage: 'npm create signalbox-plugin <name>',
  question: 'Name of the plugin',
  create: createPlugin
})
