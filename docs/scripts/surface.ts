// Writes what the packages of sdk export into their surface.txt, where it is reviewed:
//   node --import tsx --conditions=source docs/scripts/surface.ts

import { writeFile } from 'node:fs/promises'
import { publicSurface, surfaces } from '../../test/support/publicSurface.ts'

for (const { name, file } of surfaces) await writeFile(file, await publicSurface(name))
