namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for to allow records and init, which netstandard2.0 lacks.</summary>
static class IsExternalInit;
