#!/usr/bin/env node
import { createDeployment, main } from '../lib/index.js'

await main({
  usage: 'npm create signalbox <folder>',
  question: 'Folder of the deployment',
  create: createDeployment
})
