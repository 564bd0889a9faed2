import { parse, validate, specifiedRules } from 'graphql';
import { buildGraph } from './dist/graph/schema.js';
const {schema}=buildGraph();
const T=(n,f)=>Array.from({length:n},(_,i)=>f(i)).join(' ');
const S={
 same:`{ ${T(500,()=>'viewer{user{name}}')} }`,
 sameleaf:`{ viewer{user{${T(1600,()=>'name')}}} }`,
 aliases:`{ ${T(400,()=>'a: viewer{u: user{n: name}}')} }`,
 inline:`{ ${T(400,()=>'...{viewer{user{name}}}')} }`,
 inlineOn:`{ ${T(350,()=>'... on Query{viewer{user{name}}}')} }`,
 spreads:`{ ${T(1000,()=>'...F')} } fragment F on Query { viewer{user{name}} }`,
 manyfrags:`{ ${T(280,(i)=>'...F'+i)} } ${T(280,(i)=>`fragment F${i} on Query{viewer{user{name}}}`)}`,
 fragsInFields:`{ ${T(200,(i)=>'viewer{...F'+i+'}')} } ${T(200,(i)=>`fragment F${i} on Viewer{user{name}}`)}`,
 args:`{ ${T(40,()=>`asset(assetId:"x" ${T(25,(i)=>`a${i}:1`)}){name{default}}`)} }`,
 manyargsSame:`{ ${T(200,()=>`asset(assetId:"x",orgId:"y"){assetId timezone}`)} }`,
 argsobj:`{ ${T(60,()=>`assets(filter:{assetIds:[${T(20,(i)=>`"${i}"`)}]}){totalCount}`)} }`,
 chain:`{ ...F0 } ${T(500,(i)=>`fragment F${i} on Query{a${i}:__typename ...F${i+1}}`)} fragment F500 on Query{__typename}`,
 chain2:`{ ...F0 ...F1} ${T(400,(i)=>`fragment F${i} on Query{a${i}:__typename ...F${i+1}}`)} fragment F400 on Query{__typename}`,
 opsfrags:`${T(300,(i)=>`query Q${i}{...F0}`)} ${T(250,(i)=>`fragment F${i} on Query{__typename ...F${i+1}}`)} fragment F250 on Query{__typename}`,
 opsvars:`${T(250,(i)=>`query Q${i}($v:ID!){...F0}`)} fragment F0 on Query{${T(200,(i)=>`a${i}:asset(assetId:$v){name{default}}`)}}`,
 opsvars2:`${T(350,(i)=>`query Q${i}{...F0}`)} fragment F0 on Query{${T(150,(i)=>`a${i}:asset(assetId:$v${i}){timezone}`)}}`,
 cyc:`{ ...F0 } ${T(280,(i)=>`fragment F${i} on Query { ...F${(i + 1) % 280} ...F0}`)}`,
 cycnl:`${'\n'.repeat(200000)}{ ...F0 } ${T(280,(i)=>`fragment F${i} on Query { ...F${(i + 1) % 280} ...F0}`)}`,
 dense:`{ ...F0 } ${T(60,(i)=>`fragment F${i} on Query {__typename ${T(25,(j)=>`...F${(i+1+j)%60}`)}}`)}`,
 densedag:`{ ...F0 } ${T(60,(i)=>`fragment F${i} on Query {__typename ${T(60-i-1>25?25:60-i-1,(j)=>`...F${(i+1+j)}`)}}`)}`,
 unknowndir:`{ ${T(1200,(i)=>`__typename @d${i}`)} }`,
 unknownfields:`{ ${T(4000,(i)=>`unknownField${i}`)} }`,
 longunknown:`{ ${T(20,(i)=>'n'.repeat(10000)+i)} }`,
 keys:`{ assets(filter:{${T(1200,(i)=>`k${i}:1`)}}){totalCount} }`,
 objs:`{ assets(filter:{and:[${T(2000,()=>`{}`)}]}){totalCount} }`,
 enums:`{ ${T(300,(i)=>`a${i}: assets(sort: X${i}){totalCount}`)} }`,
 vars:`query(${T(1200,(i)=>`$v${i}:ID`)}){__typename}`,
 varsdup:`query(${T(1200,(i)=>`$v:ID`)}){__typename}`,
 deepinline:`{ ${'...{'.repeat(1600)}__typename${'}'.repeat(1600)} }`,
 deep2:`{ ${T(2,()=>'a:viewer{'.repeat(600)+'b'+'}'.repeat(600))} }`,
 tree:`{${(function f(d){return d?`viewer{${f(d-1)}} viewer{${f(d-1)}}`:'a'})(9)}}`,
 nl:`{ a }${'\n'.repeat(250000)} { b } { c } {`,
 nl2:`${'\n'.repeat(250000)}{ ${T(20,(i)=>'x'+i)} }`,
};
for (const [n,t] of Object.entries(S)) { if(process.argv[2]&&!n.startsWith(process.argv[2]))continue;
 let best=1e9,errs,p0; for(let k=0;k<3;k++){ try{ const a=process.cpuUsage(); const w=performance.now(); const d=parse(t,{maxTokens:5000}); const m=performance.now(); const e=validate(schema,d,specifiedRules,{maxErrors:9,hideSuggestions:false}); const c=performance.now()-m; if(c<best){best=c;errs=e;p0=m-w} }catch(e){errs=[e]; best=-1;break} }
 console.log(n.padEnd(14),t.length, 'parse',p0?.toFixed(1),'validate',best.toFixed(1),errs.length,errs[0]?.message.slice(0,80)); }
console.log('---');
import { documentLimit, lineLimit } from './dist/server/limits/validation-work.js';
import { readFileSync, readdirSync } from 'node:fs';
for (const f of readdirSync('schema/operations').filter(f=>f.endsWith('graphql'))) S[f]=readFileSync('schema/operations/'+f,'utf8');
for (const [n,t] of Object.entries(S)) { if(process.argv[2]&&!n.startsWith(process.argv[2]))continue;
 let best=1e9,r; try{ for(let k=0;k<4;k++){ const d=parse(t,{maxTokens:5000}); const m=performance.now(); r=documentLimit(d,{maxDepth:20,maxTokens:5000}); best=Math.min(best,performance.now()-m);} }catch(e){r=e.message.slice(0,50)} console.log(n.padEnd(14),best.toFixed(1),JSON.stringify(r)); }
