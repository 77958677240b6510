using System.Buffers.Binary;
using System.Text;

namespace Talweg.Cli.Tests;

/// <summary>A safetensors file of one tensor of any floating-point type, put together by hand.</summary>
internal static class RawTensor
{
    public static void Write(string path, string name, string type, int[] shape, float[] values)
    {
        byte[] data = [.. values.SelectMany(value => type switch
        {
            "F64" => BitConverter.GetBytes((double)value),
            "F32" => BitConverter.GetBytes(value),
            "F16" => BitConverter.GetBytes((Half)value),
            "BF16" => BitConverter.GetBytes(value)[2..],
            _ => throw new NotSupportedException(type),
        })];
        byte[] json = Encoding.UTF8.GetBytes($$$"""{"{{{name}}}":{"dtype":"{{{type}}}","shape":[{{{string.Join(',', shape)}}}],"data_offsets":[0,{{{data.Length}}}]}}""");
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
    }
}
