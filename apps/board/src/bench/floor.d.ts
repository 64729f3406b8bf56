export {}
//# sourceMappingURL=floor.d.ts.map
