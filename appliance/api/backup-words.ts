/** Of scrypt: 2^15, 8, 1. */
export const sealedHow = 'scrypt-15-8-1 aes-256-gcm'
