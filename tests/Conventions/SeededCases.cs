using System.Runtime.CompilerServices;
using CsCheck;
using Talweg.Conventions;

namespace Talweg;

/// <summary>Random cases that are the same in every run: <c>Sample</c> of Talweg's tests.</summary>
/// <remarks>
/// CsCheck's own fixes the first case by its seed and draws all others by the clock. Here each test draws all its cases, one after the other, from a stream of its own, which <see cref="TestSeed"/> and its name decide.
/// A case that fails is handed to CsCheck, which looks for a smaller one. Standing in the namespace around all tests, these methods are found before CsCheck's.
/// </remarks>
internal static class SeededCases
{
    public static void Sample<T>(this Gen<T> gen, Action<T> assert, long iter = -1, [CallerMemberName] string test = "") => Run(gen, assert, iter, test);

    public static void Sample<T>(this Gen<T> gen, Func<T, bool> holds, long iter = -1, [CallerMemberName] string test = "") => Run(gen, values => Assert.True(holds(values)), iter, test);

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> assert, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => assert(values.Item1, values.Item2), iter, test);

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Func<T1, T2, bool> holds, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => Assert.True(holds(values.Item1, values.Item2)), iter, test);

    public static void Sample<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> assert, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => assert(values.Item1, values.Item2, values.Item3), iter, test);

    public static void Sample<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Func<T1, T2, T3, bool> holds, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => Assert.True(holds(values.Item1, values.Item2, values.Item3)), iter, test);

    public static void Sample<T1, T2, T3, T4>(
        this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> assert, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => assert(values.Item1, values.Item2, values.Item3, values.Item4), iter, test);

    public static void Sample<T1, T2, T3, T4>(
        this Gen<(T1, T2, T3, T4)> gen, Func<T1, T2, T3, T4, bool> holds, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => Assert.True(holds(values.Item1, values.Item2, values.Item3, values.Item4)), iter, test);

    public static void Sample<T1, T2, T3, T4, T5>(
        this Gen<(T1, T2, T3, T4, T5)> gen, Func<T1, T2, T3, T4, T5, bool> holds, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => Assert.True(holds(values.Item1, values.Item2, values.Item3, values.Item4, values.Item5)), iter, test);

    public static void Sample<T1, T2, T3, T4, T5, T6, T7>(
        this Gen<(T1, T2, T3, T4, T5, T6, T7)> gen, Func<T1, T2, T3, T4, T5, T6, T7, bool> holds, long iter = -1, [CallerMemberName] string test = "") =>
        Run(gen, values => Assert.True(holds(values.Item1, values.Item2, values.Item3, values.Item4, values.Item5, values.Item6, values.Item7)), iter, test);

    /// <summary>What CsCheck says of the smallest case that it finds; null where it finds none.</summary>
    private static string? Smaller<T>(Gen<T> gen, Action<T> assert, string seed)
    {
        try
        {
            Check.Sample(gen, assert, seed: seed, iter: 1000, threads: 1);
            return null;
        }
        catch (CsCheckException e)
        {
            return e.Message;
        }
    }

    private static void Run<T>(Gen<T> gen, Action<T> assert, long iter, string test)
    {
        var random = new PCG((uint)TestSeed.Of(test, 0), TestSeed.Value);
        long cases = iter < 0 ? Check.Iter : iter;
        for (long i = 0; i < cases; i++)
        {
            string seed = random.ToString();
            var values = gen.Generate(random, null, out _);
            try
            {
                assert(values);
            }
            catch (Exception e)
            {
                throw new CsCheckException($"{test}: case {i} of {TestSeed.Variable}={TestSeed.Value} fails; {Smaller(gen, assert, seed) ?? $"{Check.Print(values)}, but not when it was repeated"}", e);
            }
        }
    }
}
