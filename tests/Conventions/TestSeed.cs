using System.Globalization;
using System.Text;

namespace Talweg.Conventions;

/// <summary>The seed from which random cases are drawn and by which tests are put in order: 1, or what <c>TALWEG_TEST_SEED</c> says.</summary>
internal static class TestSeed
{
    public const string Variable = "TALWEG_TEST_SEED";

    public static ulong Value { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : 1;

    /// <summary>A number that depends on the seed and a name alone, by FNV-1a and the finaliser of SplitMix64.</summary>
    public static ulong Of(string name, ulong seed)
    {
        ulong hash = 14695981039346656037 ^ seed;
        foreach (byte one in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ one) * 1099511628211;
        hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
        return hash ^ hash >> 31;
    }
}
