namespace Urllib4.Benchmarks;
internal static class Growth { public static void Run(bool isQuick) { _ = isQuick; } }
