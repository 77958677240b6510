using CsCheck;
using Talweg.Storage;

namespace Talweg.Tests.Storage;

/// <summary>Damaged files give the values that another reader finds in them, or an InputException: nothing else.</summary>
public sealed class SafeTensorsMutationTests : IDisposable
{
    private const int JsonEnd = 8 + 0x70;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Any_header_length() =>
        Gen.OneOf(Gen.ULong, Gen.ULong[0, 200]).Sample(length => ReadsOrRefuses([.. BitConverter.GetBytes(length), .. SafeTensorsBytes.Golden[8..]]),
            iter: 500);

    [Fact]
    public void Any_bytes_of_the_header_changed() =>
        Gen.Select(Gen.Int[0, JsonEnd - 1], Gen.Byte).Array[1, 3].Sample(changes => ReadsOrRefuses(Changed(changes)), iter: 2000);

    [Fact]
    public void Any_characters_of_the_JSON_changed_to_other_JSON() =>
        Gen.Select(Gen.Int[8, JsonEnd - 1], Gen.Char["{}[],:\"\\0123456789 -eabFIU"].Select(c => (byte)c)).Array[1, 3]
            .Sample(changes => ReadsOrRefuses(Changed(changes)), iter: 3000);

    [Fact]
    public void Any_length_of_the_file() =>
        Gen.Int[0, SafeTensorsBytes.Golden.Length + 20].Sample(length =>
        {
            byte[] bytes = [.. SafeTensorsBytes.Golden];
            Array.Resize(ref bytes, length);
            return ReadsOrRefuses(bytes) && (length == SafeTensorsBytes.Golden.Length || Refuses(bytes));
        }, iter: 300);

    [Fact]
    public void Any_noise() =>
        Gen.Byte.Array[0, 60].Sample(noise => ReadsOrRefuses(noise), iter: 500);

    private static byte[] Changed((int Place, byte Value)[] changes)
    {
        byte[] bytes = [.. SafeTensorsBytes.Golden];
        foreach (var (place, value) in changes)
            bytes[place] = value;
        return bytes;
    }

    private bool Refuses(byte[] bytes)
    {
        try
        {
            SafeTensorsFile.Open(folder.Bytes("w", bytes)).Dispose();
            return false;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            using var file = SafeTensorsFile.Open(folder.Bytes("w", bytes));
            return file.Names.All(name => file.ReadDoubles(name).SequenceEqual(SafeTensorsBytes.Values(bytes, name)));
        }
        catch (InputException)
        {
            return true;
        }
    }
}
