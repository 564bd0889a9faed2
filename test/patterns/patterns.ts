/** The regular expressions of the source, as its syntax tree has them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One of them. */
export interface Pattern {
  file: string;
  source: string;
  flags: string;
}

/** A pattern that is put together when the program runs. */
export interface DynamicPattern {
  file: string;
  /** The expression that makes it. */
  text: string;
}

/** All of a folder, generated code included. */
export function patternsOf(folder: string): { patterns: Pattern[]; dynamic: DynamicPattern[] } {
  const patterns: Pattern[] = [];
  const dynamic: DynamicPattern[] = [];
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:ts|js|mjs)$/.test(entry)) continue;
    const file = join(folder, entry);
    const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        patterns.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      } else if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
        if (/(?:^|\.)RegExp$/.test(node.expression.getText(parsed)))
          dynamic.push({ file, text: node.arguments?.[0]?.getText(parsed) ?? '' });
      }
      ts.forEachChild(node, visit);
    };
    visit(parsed);
  }
  return { patterns, dynamic };
}
